package dev.beamline.execution.aggregate;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;

/** The sums of the three parts of intervals. */
final class IntervalSum {

  final WideSum months;
  final WideSum days;
  final WideSum micros;

  IntervalSum() {
    this(new WideSum(), new WideSum(), new WideSum());
  }

  private IntervalSum(WideSum months, WideSum days, WideSum micros) {
    this.months = months;
    this.days = days;
    this.micros = micros;
  }

  void add(IntervalValue value) {
    months.add(value.months());
    days.add(value.days());
    micros.add(value.micros());
  }

  void remove(IntervalValue value) {
    months.remove(value.months());
    days.remove(value.days());
    micros.remove(value.micros());
  }

  void add(IntervalSum other) {
    months.add(other.months);
    days.add(other.days);
    micros.add(other.micros);
  }

  enum Format implements AccumulatorFormat<IntervalSum> {
    INSTANCE;

    @Override
    public void write(IntervalSum sum, ByteWriter out) {
      sum.months.write(out);
      sum.days.write(out);
      sum.micros.write(out);
    }

    @Override
    public IntervalSum read(ByteReader in) {
      return new IntervalSum(WideSum.read(in), WideSum.read(in), WideSum.read(in));
    }
  }
}
