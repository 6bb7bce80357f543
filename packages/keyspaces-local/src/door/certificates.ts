import "reflect-metadata";
import { webcrypto as crypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A server certificate for localhost and the authority to trust for it, all in PEM. */
export interface Certificates {
  ca: string;
  cert: string;
  key: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const hour = 3_600_000;
const WEEK_MS = 7 * 24 * hour;

/**
 * Makes a new authority and a certificate for `localhost` and these addresses and names of hosts; the authority's key is thrown away.
 */
export async function makeCertificates(
  now: Date = new Date(),
  addresses: readonly string[] = ["127.0.0.1"],
  lifetimeMs: number = WEEK_MS,
): Promise<Certificates> {
  const newKeys = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  // An hour back, for clocks that disagree: a container's and its host's, say.
  const validity = { notBefore: new Date(now.getTime() - hour), notAfter: new Date(now.getTime() + lifetimeMs) };
  const authorityName = "CN=Local stand-in for Amazon Keyspaces";

  const authorityKeys = await newKeys();
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      name: authorityName,
      keys: authorityKeys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    crypto,
  );
  const keys = await newKeys();
  const leaf = await X509CertificateGenerator.create(
    {
      ...validity,
      subject: "CN=localhost",
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([
          { type: "dns", value: "localhost" },
          ...addresses.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value })),
        ]),
      ],
    },
    crypto,
  );
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    ca: authority.toString("pem"),
    cert: leaf.toString("pem"),
    key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}
