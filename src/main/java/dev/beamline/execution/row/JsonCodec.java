package dev.beamline.execution.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.Map;

/**
 * JSON as a tag a node. Integers come back in the smallest kind of node, as Jackson's parser makes
 * them.
 */
final class JsonCodec {

  private static final int NULL = 0;
  private static final int FALSE = 1;
  private static final int TRUE = 2;
  private static final int INTEGER = 3;
  private static final int BIG_INTEGER = 4;
  private static final int DOUBLE = 5;
  private static final int DECIMAL = 6;
  private static final int TEXT = 7;
  private static final int ARRAY = 8;
  private static final int OBJECT = 9;

  /** BigQuery refuses JSON nested deeper than 500. */
  private static final int MAX_DEPTH = 1000;

  private JsonCodec() {}

  static void write(JsonNode node, ByteWriter out) {
    switch (node.getNodeType()) {
      case NULL -> out.writeByte(NULL);
      case BOOLEAN -> out.writeByte(node.booleanValue() ? TRUE : FALSE);
      case NUMBER -> writeNumber(node, out);
      case STRING -> {
        out.writeByte(TEXT);
        out.writeString(node.textValue());
      }
      case ARRAY -> {
        out.writeByte(ARRAY);
        out.writeVarLong(node.size());
        for (JsonNode item : node) {
          write(item, out);
        }
      }
      case OBJECT -> {
        out.writeByte(OBJECT);
        out.writeVarLong(node.size());
        for (Iterator<Map.Entry<String, JsonNode>> it = node.fields(); it.hasNext(); ) {
          Map.Entry<String, JsonNode> field = it.next();
          out.writeString(field.getKey());
          write(field.getValue(), out);
        }
      }
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("not JSON: a node of " + node.getNodeType());
    }
  }

  private static void writeNumber(JsonNode node, ByteWriter out) {
    if (node.isIntegralNumber()) {
      if (node.canConvertToLong()) {
        out.writeByte(INTEGER);
        out.writeZigZag(node.longValue());
      } else {
        out.writeByte(BIG_INTEGER);
        out.writeBytes(node.bigIntegerValue().toByteArray());
      }
    } else if (node.isBigDecimal()) {
      BigDecimal value = node.decimalValue();
      out.writeByte(DECIMAL);
      out.writeZigZag(value.scale());
      out.writeBytes(value.unscaledValue().toByteArray());
    } else {
      out.writeByte(DOUBLE);
      out.writeDouble(node.doubleValue());
    }
  }

  static JsonNode read(ByteReader in, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("JSON is nested too deep");
    }
    int tag = in.readByte();
    return switch (tag) {
      case NULL -> NullNode.getInstance();
      case FALSE -> BooleanNode.FALSE;
      case TRUE -> BooleanNode.TRUE;
      case INTEGER -> {
        long value = in.readZigZag();
        yield value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
      }
      case BIG_INTEGER -> BigIntegerNode.valueOf(new BigInteger(in.readBytes()));
      case DOUBLE -> DoubleNode.valueOf(in.readDouble());
      case DECIMAL -> {
        int scale = (int) in.readZigZag();
        yield DecimalNode.valueOf(new BigDecimal(new BigInteger(in.readBytes()), scale));
      }
      case TEXT -> TextNode.valueOf(in.readString());
      case ARRAY -> {
        int size = in.readLength();
        ArrayNode array = new ArrayNode(JsonNodeFactory.instance, size);
        for (int i = 0; i < size; i++) {
          array.add(read(in, depth + 1));
        }
        yield array;
      }
      case OBJECT -> {
        int size = in.readLength();
        ObjectNode object = new ObjectNode(JsonNodeFactory.instance);
        for (int i = 0; i < size; i++) {
          String name = in.readString();
          object.set(name, read(in, depth + 1));
        }
        yield object;
      }
      default -> throw new IllegalArgumentException("no JSON has tag " + tag);
    };
  }
}
