package dev.beamline.io.jdbc;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table of PostgreSQL, or a query's result.
 *
 * @param source its name in the project
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param user null: as the URL or the environment says
 * @param password null: none, or as the URL says
 * @param table its name, with its schema where needed; null: there is a query
 * @param query null: a whole table
 * @param columns all that are declared
 * @param place of the table or query, for messages
 */
public record JdbcTable(
    String source,
    String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable String table,
    @Nullable String query,
    Schema columns,
    Place place)
    implements Serializable {

  public JdbcTable {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(columns, "columns");
    if ((table == null) == (query == null)) {
      throw new IllegalArgumentException("a table or a query: " + source);
    }
  }

  /** The database, without anything that could be a secret. */
  public String database() {
    return withoutSecrets(url);
  }

  /** What of a URL of JDBC may be shown: no user, password or options. */
  public static String withoutSecrets(String url) {
    int options = url.indexOf('?');
    String shown = options < 0 ? url : url.substring(0, options);
    int authority = shown.indexOf("//");
    int user = shown.lastIndexOf('@');
    return authority >= 0 && user > authority
        ? shown.substring(0, authority + 2) + shown.substring(user + 1)
        : shown;
  }

  /** What is read, in words. */
  String described() {
    return (table != null ? "the table " + table : "the query") + " of " + database();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return described();
  }
}
