package dev.beamline.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Writes what a player does as a line of JSON. */
final class EventWriter {

  private record Item(String id, String category, BigDecimal price) {}

  private static final List<Item> ITEMS =
      List.of(
          new Item("health_potion", "consumable", new BigDecimal("0.99")),
          new Item("mana_potion", "consumable", new BigDecimal("0.99")),
          new Item("iron_sword", "weapon", new BigDecimal("2.49")),
          new Item("oak_bow", "weapon", new BigDecimal("2.99")),
          new Item("flame_staff", "weapon", new BigDecimal("9.99")),
          new Item("leather_armor", "armor", new BigDecimal("3.49")),
          new Item("mithril_mail", "armor", new BigDecimal("14.99")),
          new Item("fox_pet", "cosmetic", new BigDecimal("4.99")),
          new Item("golden_cape", "cosmetic", new BigDecimal("7.49")),
          new Item("treasure_map", "quest", new BigDecimal("1.29")));

  private static final List<String> BOSSES =
      List.of("Bone Colossus", "Frost Queen", "Hydra", "Iron Giant", "Shadow Lord");

  /** Out of a hundred fights, how many a player wins against each boss. */
  private static final int[] WIN_PERCENT = {55, 35, 45, 60, 15};

  private static final List<String> TAGS = List.of("beginner", "event", "guild", "promo", "ranked");

  private final JsonFactory json = new JsonFactory();
  private final SplittableRandom random;
  private long events;

  EventWriter(SplittableRandom random) {
    this.random = random;
  }

  /** The action number {@code step} of a session; the first is a login, the last a logout. */
  String event(Player player, Instant time, int step, boolean last) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator out = json.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("event_id", "e" + Long.toString(1_000_000 + events++, 36));
      out.writeStringField("event_time", time.toString());
      out.writeStringField("user_id", player.userId());
      out.writeStringField("team", player.team());
      if (step == 0) {
        login(out, player);
      } else if (last) {
        out.writeStringField("type", "logout");
      } else if (player.cheater() && random.nextInt(4) != 0) {
        sale(out, 900 + random.nextInt(400));
      } else {
        int dice = random.nextInt(100);
        if (dice < 55) {
          score(out);
        } else if (dice < 75) {
          fight(out);
        } else if (dice < 85) {
          purchase(out);
        } else {
          sale(out, 5 + random.nextInt(60));
        }
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void login(JsonGenerator out, Player player) throws IOException {
    out.writeStringField("type", "login");
    out.writeObjectFieldStart("device");
    out.writeStringField("os", player.os());
    out.writeStringField("version", "4." + random.nextInt(3) + "." + random.nextInt(10));
    out.writeEndObject();
  }

  private void score(JsonGenerator out) throws IOException {
    out.writeStringField("type", "score");
    out.writeNumberField("score", 1 + random.nextInt(20));
    out.writeNumberField("xp", 5 * (1 + random.nextInt(30)));
    out.writeArrayFieldStart("tags");
    for (int i = random.nextInt(3); i > 0; i--) {
      out.writeString(TAGS.get(random.nextInt(TAGS.size())));
    }
    out.writeEndArray();
  }

  private void fight(JsonGenerator out) throws IOException {
    int boss = random.nextInt(BOSSES.size());
    boolean won = random.nextInt(100) < WIN_PERCENT[boss];
    out.writeStringField("type", "boss_fight");
    out.writeStringField("boss", BOSSES.get(boss));
    out.writeBooleanField("won", won);
    out.writeNumberField("duration_ms", 20_000 + random.nextInt(220_000));
    out.writeNumberField("score", won ? 50 : 0);
    out.writeNumberField("xp", won ? 500 : 50);
  }

  private void purchase(JsonGenerator out) throws IOException {
    Item item = ITEMS.get(Math.min(random.nextInt(ITEMS.size()), random.nextInt(ITEMS.size())));
    out.writeStringField("type", "purchase");
    out.writeObjectFieldStart("item");
    out.writeStringField("id", item.id());
    out.writeStringField("category", item.category());
    out.writeNumberField("price", item.price());
    out.writeNumberField("quantity", 1 + (random.nextInt(5) == 0 ? random.nextInt(4) : 0));
    out.writeEndObject();
  }

  private void sale(JsonGenerator out, int coins) throws IOException {
    out.writeStringField("type", "sale");
    out.writeNumberField("coins", coins);
  }

  /** The same event as a bad network or an old version of the app would send it. */
  String broken(String line) {
    return switch (random.nextInt(5)) {
      case 0 -> line.substring(0, line.length() / 2);
      case 1 -> line.replaceFirst("\"event_time\":\"[^\"]*\"", "\"event_time\":\"yesterday\"");
      case 2 -> line.replaceFirst("\"event_id\":\"[^\"]*\",", "");
      case 3 -> line.replaceFirst("\"event_time\":\"[^\"]*\"", "\"event_time\":null");
      default -> "<html><body>502 Bad Gateway</body></html>";
    };
  }
}
