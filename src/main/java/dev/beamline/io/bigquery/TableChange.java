package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.Table;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is between a table as it is and as a query wants it.
 *
 * @param create the table to make; null: it is there
 * @param patch what is changed in place; null: nothing
 * @param changes what the patch does, for people to read
 * @param refusals what is not done; where there are any, nothing is
 */
public record TableChange(
    TableId id,
    @Nullable Table create,
    @Nullable Table patch,
    List<String> changes,
    List<TableRefusal> refusals) {

  public TableChange {
    Objects.requireNonNull(id, "id");
    changes = List.copyOf(changes);
    refusals = List.copyOf(refusals);
  }
}
