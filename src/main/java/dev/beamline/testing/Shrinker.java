package dev.beamline.testing;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.InvalidProjectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a difference small: takes away rows and moves, in pieces that become smaller, as long as
 * what is left still differs.
 */
final class Shrinker {

  private final QueryUnderProof query;
  private final long until;

  /** Whether rows were dropped as late: a difference is made smaller, not another one. */
  private boolean dropped;

  Shrinker(QueryUnderProof query, Duration most) {
    this.query = query;
    this.until = System.nanoTime() + most.toNanos();
  }

  QueryUnderProof.Difference shrink(QueryUnderProof.Difference found) {
    QueryUnderProof.Difference smallest = found;
    dropped = found.dropped() > 0;
    boolean smaller = true;
    while (smaller && System.nanoTime() < until) {
      QueryUnderProof.Difference before = smallest;
      smallest = moves(smallest);
      smallest = rows(smallest);
      smallest = tables(smallest);
      smaller = size(smallest.script()) < size(before.script());
    }
    return smallest;
  }

  private static int size(StreamScript script) {
    int size = script.tables().values().stream().mapToInt(List::size).sum();
    for (StreamScript.Move move : script.moves()) {
      size += move instanceof StreamScript.Arrive arrive ? 1 + arrive.rows().size() : 1;
    }
    return size;
  }

  private Optional<QueryUnderProof.Difference> differ(StreamScript script) {
    try {
      return Optional.ofNullable(query.differ(script))
          .filter(difference -> difference.dropped() > 0 == dropped);
    } catch (InvalidProjectException e) {
      return Optional.empty();
    }
  }

  private interface Rebuild<T> {
    StreamScript with(StreamScript script, List<T> left);
  }

  private <T> QueryUnderProof.Difference without(
      QueryUnderProof.Difference found, List<T> parts, Rebuild<T> rebuild) {
    QueryUnderProof.Difference smallest = found;
    List<T> left = new ArrayList<>(parts);
    for (int piece = Math.max(1, left.size() / 2); piece >= 1; piece /= 2) {
      int i = 0;
      while (i < left.size() && System.nanoTime() < until) {
        List<T> fewer = new ArrayList<>(left.subList(0, i));
        fewer.addAll(left.subList(Math.min(left.size(), i + piece), left.size()));
        Optional<QueryUnderProof.Difference> still = differ(rebuild.with(smallest.script(), fewer));
        if (still.isPresent()) {
          smallest = still.get();
          left = fewer;
        } else {
          i += piece;
        }
      }
    }
    return smallest;
  }

  private QueryUnderProof.Difference moves(QueryUnderProof.Difference found) {
    return without(found, found.script().moves(), StreamScript::with);
  }

  /** A row of a move. */
  private record Part(int move, Tuple row) {}

  private QueryUnderProof.Difference rows(QueryUnderProof.Difference found) {
    List<StreamScript.Move> moves = found.script().moves();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      if (moves.get(i) instanceof StreamScript.Arrive arrive) {
        int move = i;
        arrive.rows().forEach(row -> parts.add(new Part(move, row)));
      }
    }
    return without(
        found,
        parts,
        (script, left) -> {
          List<StreamScript.Move> fewer = new ArrayList<>();
          for (int i = 0; i < moves.size(); i++) {
            int move = i;
            if (moves.get(i) instanceof StreamScript.Arrive arrive) {
              List<Tuple> rows =
                  left.stream().filter(part -> part.move() == move).map(Part::row).toList();
              if (!rows.isEmpty()) {
                fewer.add(new StreamScript.Arrive(arrive.source(), rows));
              }
            } else {
              fewer.add(moves.get(i));
            }
          }
          return script.with(fewer);
        });
  }

  private QueryUnderProof.Difference tables(QueryUnderProof.Difference found) {
    QueryUnderProof.Difference smallest = found;
    for (Map.Entry<String, List<Tuple>> table : found.script().tables().entrySet()) {
      smallest =
          without(
              smallest,
              table.getValue(),
              (script, left) -> {
                Map<String, List<Tuple>> tables = new HashMap<>(script.tables());
                tables.put(table.getKey(), left);
                return script.withTables(tables);
              });
    }
    return smallest;
  }
}
