package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import java.math.BigDecimal;

/**
 * Exact sums of x, x * x and, for pairs, of y, y * y and x * y. As nothing is rounded on the way,
 * the textbook formulas lose nothing and no order of the rows changes a result.
 */
abstract class Moments {

  /** Pairs or values, all of them finite or not. */
  long count;

  /** Those of them with NaN or an infinity. */
  long special;

  abstract void put(Object x, Object y, boolean remove);

  abstract void add(Moments other);

  abstract BigDecimal sumX();

  abstract BigDecimal sumY();

  abstract BigDecimal sumXX();

  abstract BigDecimal sumYY();

  abstract BigDecimal sumXY();

  abstract void write(ByteWriter out);

  abstract void read(ByteReader in);

  static Moments of(Type type, boolean pairs) {
    return type == ScalarType.FLOAT64 ? new OfDoubles(pairs) : new OfDecimals(pairs);
  }

  record Format(Type type, boolean pairs) implements AccumulatorFormat<Moments> {
    @Override
    public void write(Moments moments, ByteWriter out) {
      out.writeVarLong(moments.count);
      out.writeVarLong(moments.special);
      moments.write(out);
    }

    @Override
    public Moments read(ByteReader in) {
      Moments moments = of(type, pairs);
      moments.count = in.readVarLong();
      moments.special = in.readVarLong();
      moments.read(in);
      return moments;
    }
  }

  private static final class OfDoubles extends Moments {
    private final boolean pairs;
    private ExactSum x = new ExactSum();
    private ExactSum xx = new ExactSum();
    private ExactSum y = new ExactSum();
    private ExactSum yy = new ExactSum();
    private ExactSum xy = new ExactSum();

    OfDoubles(boolean pairs) {
      this.pairs = pairs;
    }

    @Override
    void put(Object xValue, Object yValue, boolean remove) {
      double a = (Double) xValue;
      double b = (Double) yValue;
      int times = remove ? -1 : 1;
      count += times;
      if (!Double.isFinite(a) || !Double.isFinite(b)) {
        special += times;
      } else if (remove) {
        x.remove(a);
        xx.removeProduct(a, a);
        if (pairs) {
          y.remove(b);
          yy.removeProduct(b, b);
          xy.removeProduct(a, b);
        }
      } else {
        x.add(a);
        xx.addProduct(a, a);
        if (pairs) {
          y.add(b);
          yy.addProduct(b, b);
          xy.addProduct(a, b);
        }
      }
    }

    @Override
    void add(Moments other) {
      OfDoubles that = (OfDoubles) other;
      count += that.count;
      special += that.special;
      x.add(that.x);
      xx.add(that.xx);
      y.add(that.y);
      yy.add(that.yy);
      xy.add(that.xy);
    }

    @Override
    BigDecimal sumX() {
      return x.exact();
    }

    @Override
    BigDecimal sumY() {
      return y.exact();
    }

    @Override
    BigDecimal sumXX() {
      return xx.exact();
    }

    @Override
    BigDecimal sumYY() {
      return yy.exact();
    }

    @Override
    BigDecimal sumXY() {
      return xy.exact();
    }

    @Override
    void write(ByteWriter out) {
      x.write(out);
      xx.write(out);
      if (pairs) {
        y.write(out);
        yy.write(out);
        xy.write(out);
      }
    }

    @Override
    void read(ByteReader in) {
      x = ExactSum.read(in);
      xx = ExactSum.read(in);
      if (pairs) {
        y = ExactSum.read(in);
        yy = ExactSum.read(in);
        xy = ExactSum.read(in);
      }
    }
  }

  private static final class OfDecimals extends Moments {
    private final boolean pairs;
    private DecimalSum x = new DecimalSum();
    private DecimalSum xx = new DecimalSum();
    private DecimalSum y = new DecimalSum();
    private DecimalSum yy = new DecimalSum();
    private DecimalSum xy = new DecimalSum();

    OfDecimals(boolean pairs) {
      this.pairs = pairs;
    }

    @Override
    void put(Object xValue, Object yValue, boolean remove) {
      BigDecimal a = (BigDecimal) xValue;
      BigDecimal b = (BigDecimal) yValue;
      count += remove ? -1 : 1;
      put(x, a, remove);
      put(xx, a.multiply(a), remove);
      if (pairs) {
        put(y, b, remove);
        put(yy, b.multiply(b), remove);
        put(xy, a.multiply(b), remove);
      }
    }

    private static void put(DecimalSum sum, BigDecimal value, boolean remove) {
      if (remove) {
        sum.remove(value);
      } else {
        sum.add(value);
      }
    }

    @Override
    void add(Moments other) {
      OfDecimals that = (OfDecimals) other;
      count += that.count;
      x.add(that.x);
      xx.add(that.xx);
      y.add(that.y);
      yy.add(that.yy);
      xy.add(that.xy);
    }

    @Override
    BigDecimal sumX() {
      return x.sum();
    }

    @Override
    BigDecimal sumY() {
      return y.sum();
    }

    @Override
    BigDecimal sumXX() {
      return xx.sum();
    }

    @Override
    BigDecimal sumYY() {
      return yy.sum();
    }

    @Override
    BigDecimal sumXY() {
      return xy.sum();
    }

    @Override
    void write(ByteWriter out) {
      DecimalSum.Format format = DecimalSum.Format.INSTANCE;
      format.write(x, out);
      format.write(xx, out);
      if (pairs) {
        format.write(y, out);
        format.write(yy, out);
        format.write(xy, out);
      }
    }

    @Override
    void read(ByteReader in) {
      DecimalSum.Format format = DecimalSum.Format.INSTANCE;
      x = format.read(in);
      xx = format.read(in);
      if (pairs) {
        y = format.read(in);
        yy = format.read(in);
        xy = format.read(in);
      }
    }
  }
}
