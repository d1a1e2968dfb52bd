package dev.beamline.sample;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The players of a game, and their table. */
public final class Roster {

  private static final List<String> TEAMS =
      List.of("amber", "blue", "coral", "green", "indigo", "violet");
  private static final List<String> COUNTRIES =
      List.of("BR", "DE", "FR", "IN", "JP", "KR", "MX", "NG", "PL", "US");
  private static final List<String> FIRST =
      List.of("brave", "calm", "dark", "eager", "fast", "grim", "happy", "icy", "jolly", "keen");
  private static final List<String> SECOND =
      List.of("badger", "crow", "dragon", "eagle", "fox", "gecko", "heron", "ibex", "lynx", "owl");

  private Roster() {}

  /** One player in a hundred, but at least two, is a cheater. */
  static List<Player> of(GameSettings settings, SplittableRandom random) {
    int cheaters = Math.max(2, settings.players() / 100);
    LocalDate opening = LocalDate.ofInstant(settings.start(), ZoneOffset.UTC).minusDays(200);
    List<Player> players = new ArrayList<>();
    for (int i = 0; i < settings.players(); i++) {
      String name =
          FIRST.get(i % FIRST.size())
              + "_"
              + SECOND.get(i / FIRST.size() % SECOND.size())
              + "_"
              + (i / (FIRST.size() * SECOND.size()) + 1);
      players.add(
          new Player(
              name,
              TEAMS.get(random.nextInt(TEAMS.size())),
              COUNTRIES.get((int) Math.sqrt(random.nextInt(COUNTRIES.size() * COUNTRIES.size()))),
              opening.plusDays(random.nextInt(200)),
              random.nextInt(3) == 0 ? "ios" : "android",
              // Spread over the list, so that they are not all in one team.
              i % (settings.players() / cheaters) == 7
                  && i / (settings.players() / cheaters) < cheaters));
    }
    return players;
  }

  /** The table of players as CSV with a header; every fortieth player has not told the country. */
  public static String csv(List<Player> players) {
    StringBuilder csv = new StringBuilder("user_id,team,country,signed_up\n");
    for (int i = 0; i < players.size(); i++) {
      Player p = players.get(i);
      csv.append(p.userId()).append(',').append(p.team()).append(',');
      csv.append(i % 40 == 39 ? "" : p.country()).append(',').append(p.signedUp()).append('\n');
    }
    return csv.toString();
  }
}
