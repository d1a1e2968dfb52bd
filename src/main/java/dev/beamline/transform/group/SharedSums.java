package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.group.SumTable.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a bundle for all operators of a stage that group the same rows by the same key and
 * slice: which group a row belongs to is found once, whoever asks. One thread uses it.
 */
public final class SharedSums {

  /** Groups that are held before all are sent. */
  static final int MOST_GROUPS = 1 << 15;

  private final SumTable table = new SumTable();
  private final List<GroupBuffer> members = new ArrayList<>();
  private final GroupPlaces places;
  private final GroupPlaces.Found finding = this::found;

  private @Nullable Tuple row;
  private long time;
  private SumTable.@Nullable Group group;

  private SharedSums(GroupInput input) {
    this.places = new GroupPlaces(input);
  }

  /**
   * For operators that group as the given one does.
   *
   * @return null where rows can have several places, or groups have no fixed ones
   */
  public static @Nullable SharedSums of(GroupInput input) {
    return input.oneFixedPlace() ? new SharedSums(input) : null;
  }

  int join(GroupBuffer member) {
    members.add(member);
    return table.join();
  }

  /**
   * The row's group.
   *
   * @param time by which its slice is found, microseconds
   * @return null where the row is in no window
   */
  @SuppressWarnings("ReferenceEquality") // The very row: others ask for it right behind each other.
  SumTable.@Nullable Group group(Tuple row, long time) {
    if (row != this.row || time != this.time) {
      group = null;
      places.find(row, time, finding);
      this.row = row;
      this.time = time;
    }
    return group;
  }

  private void found(Tuple key, long start, long end, boolean first) {
    group = table.group(key, start, end);
  }

  /** Sends the sums of all operators where there are as many groups as may be. */
  void flushIfFull(StageOutput output) {
    if (table.size() >= MOST_GROUPS) {
      members.forEach(member -> member.flush(output));
    }
  }

  /** A member's sum where the group had none of it. */
  void put(SumTable.Group group, int member, Sum sum) {
    table.put(group, member, sum);
  }

  /** Hands out a member's sums and forgets them. */
  void take(int member, Consumer<Sum> each) {
    table.take(member, each);
    forgetRow();
  }

  /** Forgets all sums. */
  void clear() {
    table.clear();
    forgetRow();
  }

  private void forgetRow() {
    row = null;
    group = null;
  }
}
