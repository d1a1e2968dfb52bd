package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import dev.beamline.io.ScanRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.compat.RowGroupFilter;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/**
 * Which row groups of a file may hold a row that somebody wants, by their statistics, dictionaries
 * and Bloom filters. A group with a NULL in a required column is read whatever is in it, so that
 * the record is refused.
 */
final class ParquetGroups {

  private ParquetGroups() {}

  /** For each row group that the reader will give whether it is wanted; empty: all are. */
  static List<Boolean> wanted(
      ParquetFileReader file,
      MessageType written,
      List<Column> columns,
      List<ScanRequest.Filter> filters) {
    FilterPredicate predicate = ParquetPredicates.of(written, filters);
    if (predicate == null) {
      return List.of();
    }
    List<BlockMetaData> all = file.getRowGroups();
    // Not by their numbers, which some writers leave out.
    Set<BlockMetaData> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    kept.addAll(
        RowGroupFilter.filterRowGroups(
            List.of(
                RowGroupFilter.FilterLevel.STATISTICS,
                RowGroupFilter.FilterLevel.DICTIONARY,
                RowGroupFilter.FilterLevel.BLOOMFILTER),
            FilterCompat.get(predicate),
            all,
            file));
    return all.stream()
        .map(block -> kept.contains(block) || mayBreakContract(block, columns))
        .toList();
  }

  /** Whether a required column is absent, or may be NULL somewhere. */
  private static boolean mayBreakContract(BlockMetaData block, List<Column> columns) {
    for (Column column : columns) {
      if (column.required()
          && block.getColumns().stream().noneMatch(chunk -> isFullOf(column, chunk))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFullOf(Column column, ColumnChunkMetaData chunk) {
    Statistics<?> statistics = chunk.getStatistics();
    return chunk.getPath().size() == 1
        && chunk.getPath().toArray()[0].equalsIgnoreCase(column.name())
        && statistics != null
        && statistics.isNumNullsSet()
        && statistics.getNumNulls() == 0;
  }
}
