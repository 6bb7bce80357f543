package keyspaces;

import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.config.DriverOption;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import com.datastax.oss.driver.api.core.ssl.SslEngineFactory;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS to Amazon Keyspaces that checks whom it speaks to. Nodes are known by their addresses, which no certificate names, so drivers are
 * usually told not to compare names at all; here every node has to show the certificate of the service's name.
 *
 * <p>Settings: {@code service-name}; {@code ca-file}, PEM, instead of the authorities that Java trusts.
 */
public final class ServiceTls implements SslEngineFactory {
  private static final DriverOption SERVICE_NAME = () -> "advanced.ssl-engine-factory.service-name";
  private static final DriverOption CA_FILE = () -> "advanced.ssl-engine-factory.ca-file";
  private static final int PORT = 9142;

  private final SSLContext context;
  private final String serviceName;

  public ServiceTls(DriverContext driver) throws GeneralSecurityException, IOException {
    DriverExecutionProfile settings = driver.getConfig().getDefaultProfile();
    serviceName = settings.getString(SERVICE_NAME);
    context = SSLContext.getInstance("TLS");
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(settings.isDefined(CA_FILE) ? storeOf(Path.of(settings.getString(CA_FILE))) : null);
    context.init(null, trust.getTrustManagers(), null);
  }

  @Override
  public SSLEngine newSslEngine(EndPoint node) {
    SSLEngine engine = context.createSSLEngine(serviceName, PORT);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public void close() {}

  private static KeyStore storeOf(Path caFile) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    List<Certificate> authorities;
    try (InputStream pem = Files.newInputStream(caFile)) {
      authorities = new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(pem));
    }
    for (int i = 0; i < authorities.size(); i++) store.setCertificateEntry("authority-" + i, authorities.get(i));
    return store;
  }
}
