package keyspaces;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.IntConsumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;

/**
 * The rows of one token range. A page may be short or empty and still not be the last: only its paging state tells. A request that
 * fails is made again, not the task; a task that fails is made again as a whole, and Spark forgets what it had read. Of each page it is
 * told how many rows are on it.
 */
final class RangeReader implements PartitionReader<InternalRow> {
  private final CqlSession session;
  private final Patience patience;
  private final RowReader rows;
  private final BoundStatement statement;
  private final IntConsumer onPage;
  private AsyncResultSet page;
  private Iterator<Row> rest = Collections.emptyIterator();
  private InternalRow row;

  RangeReader(TokenRange range, String query, String consistency, int pageSize, RowReader rows, Patience patience, IntConsumer onPage) {
    this.patience = patience;
    this.rows = rows;
    this.onPage = onPage;
    session = Sessions.open();
    PreparedStatement prepared = Sessions.orClose(session, () -> patience.get(() -> session.prepareAsync(query)));
    statement =
        range
            .bind(prepared)
            .setConsistencyLevel(DefaultConsistencyLevel.valueOf(consistency))
            .setPageSize(pageSize)
            .setIdempotent(true);
  }

  @Override
  public boolean next() {
    while (!rest.hasNext()) {
      if (page != null && !page.hasMorePages()) return false;
      AsyncResultSet before = page;
      page = patience.get(before == null ? () -> session.executeAsync(statement) : before::fetchNextPage);
      onPage.accept(page.remaining());
      rest = page.currentPage().iterator();
    }
    row = rows.read(rest.next());
    return true;
  }

  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public void close() {
    session.close();
  }
}
