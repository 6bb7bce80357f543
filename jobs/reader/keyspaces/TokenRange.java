package keyspaces;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * Tokens from {@code first} to {@code last}, both included. Keyspaces shows no ranges of its own; hashes fill equal ones about evenly.
 *
 * @see <a href="https://docs.aws.amazon.com/keyspaces/latest/devguide/working-with-partitioners.html">Partitioners</a>
 */
record TokenRange(BigInteger first, BigInteger last) implements InputPartition {
  private static final BigInteger TWO = BigInteger.TWO;

  /** Cuts the ring of a partitioner into ranges of nearly equal length that cover it without overlap. */
  static List<TokenRange> split(String partitioner, int count) {
    TokenRange ring = ringOf(partitioner);
    BigInteger size = ring.last.subtract(ring.first).add(BigInteger.ONE).divide(BigInteger.valueOf(count));
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              BigInteger from = ring.first.add(size.multiply(BigInteger.valueOf(i)));
              return new TokenRange(from, i == count - 1 ? ring.last : from.add(size).subtract(BigInteger.ONE));
            })
        .toList();
  }

  /** The least and the greatest token that a key can have: a Murmur3 hash, or the absolute value of an MD5 one. */
  private static TokenRange ringOf(String partitioner) {
    return switch (partitioner.substring(partitioner.lastIndexOf('.') + 1)) {
      case "Murmur3Partitioner" -> new TokenRange(TWO.pow(63).negate(), TWO.pow(63).subtract(BigInteger.ONE));
      case "RandomPartitioner", "DefaultPartitioner" -> new TokenRange(BigInteger.ZERO, TWO.pow(127));
      default -> throw new IllegalStateException("the tokens of the partitioner " + partitioner + " are not known");
    };
  }

  /** Binds the two tokens, as the server types them: bigint for Murmur3, varint for the others. */
  BoundStatement bind(PreparedStatement statement) {
    boolean isBigint = statement.getVariableDefinitions().get(0).getType().equals(com.datastax.oss.driver.api.core.type.DataTypes.BIGINT);
    return isBigint ? statement.bind(first.longValueExact(), last.longValueExact()) : statement.bind(first, last);
  }
}
