package dev.beamline.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The events of a multiplayer mobile game in the order in which they arrive: most within seconds,
 * those of a phone in a tunnel an hour late and all at once, some twice, a few broken. Players come
 * for sessions, more in the evening; cheaters hardly sleep and sell all the time.
 */
public final class GameGenerator implements Iterator<GameEvent> {

  /** One event in this many is sent twice. */
  private static final int DOUBLED = 150;

  /** One event in this many arrives broken, in place of the whole one. */
  private static final int BROKEN = 1500;

  /** One session in this many is played without network. */
  private static final int OFFLINE = 12;

  private static final int ACTIONS_PER_SESSION = 12;

  private final List<Player> players;
  private final Instant end;
  private final SplittableRandom random;
  private final EventWriter writer;
  private final double sessionsPerPlayerAndHour;
  private final PriorityQueue<Turn> turns =
      new PriorityQueue<>(Comparator.comparing(Turn::time).thenComparingInt(Turn::player));
  private final PriorityQueue<Sent> underway =
      new PriorityQueue<>(
          Comparator.comparing((Sent s) -> s.event().arrival()).thenComparingLong(Sent::number));
  private final Deque<GameEvent> ready = new ArrayDeque<>();
  private long number;

  public GameGenerator(GameSettings settings) {
    random = new SplittableRandom(settings.seed());
    players = Roster.of(settings, random);
    end = settings.start().plus(settings.duration());
    writer = new EventWriter(random);
    double hours = settings.duration().toMinutes() / 60.0;
    sessionsPerPlayerAndHour =
        settings.events() / (double) ACTIONS_PER_SESSION / settings.players() / hours;
    for (int i = 0; i < players.size(); i++) {
      turns.add(new Turn(i, settings.start().plus(untilNextSession(i, settings.start())), null));
    }
  }

  /** The players whose events these are. */
  public List<Player> players() {
    return players;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty()) {
      // An event may go out once no turn can make one that arrives before it.
      if (!underway.isEmpty()
          && (turns.isEmpty() || !underway.peek().event().arrival().isAfter(turns.peek().time()))) {
        ready.add(underway.remove().event());
      } else if (turns.isEmpty()) {
        return false;
      } else {
        play(turns.remove());
      }
    }
    return true;
  }

  @Override
  public GameEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void play(Turn turn) {
    if (!turn.time().isBefore(end)) {
      return;
    }
    Player player = players.get(turn.player());
    Session session = turn.session() != null ? turn.session() : open(player, turn.time());
    send(turn, session, writer.event(player, turn.time(), session.step(), session.last()));
    if (session.last()) {
      Duration pause = untilNextSession(turn.player(), turn.time());
      turns.add(new Turn(turn.player(), turn.time().plus(pause), null));
    } else {
      long pause =
          player.cheater() ? 2_000 + random.nextInt(8_000) : 3_000 + random.nextInt(170_000);
      Instant next = turn.time().plusMillis(pause).plusNanos(random.nextInt(1000) * 1000L);
      turns.add(new Turn(turn.player(), next, session.next()));
    }
  }

  private Session open(Player player, Instant now) {
    int actions =
        player.cheater()
            ? 3 * ACTIONS_PER_SESSION
            : 2 + random.nextInt(2 * ACTIONS_PER_SESSION - 3);
    boolean offline = !player.cheater() && random.nextInt(OFFLINE) == 0;
    // The phone finds a network 10 to 100 minutes after the session began.
    Instant online = offline ? now.plusSeconds(600 + random.nextInt(5400)) : Instant.MIN;
    return new Session(0, actions, online);
  }

  private void send(Turn turn, Session session, String json) {
    long delay = random.nextInt(20) == 0 ? random.nextInt(25_000) : random.nextInt(2_000);
    Instant arrival = turn.time().plusMillis(delay);
    if (session.online().isAfter(arrival)) {
      arrival = session.online().plusMillis(session.step() * 5L);
    }
    String line = random.nextInt(BROKEN) == 0 ? writer.broken(json) : json;
    underway.add(new Sent(number++, new GameEvent(turn.time(), arrival, line)));
    if (random.nextInt(DOUBLED) == 0) {
      Instant again = arrival.plusMillis(500 + random.nextInt(60_000));
      underway.add(new Sent(number++, new GameEvent(turn.time(), again, line)));
    }
  }

  /** Exponential, three times as often in the evening as at night. */
  private Duration untilNextSession(int player, Instant now) {
    double hourOfDay = now.getEpochSecond() % 86_400 / 3600.0;
    double evening = 1 + 0.5 * Math.sin((hourOfDay - 13) / 24 * 2 * Math.PI);
    double rate = sessionsPerPlayerAndHour * evening * (players.get(player).cheater() ? 2 : 1);
    double hours = -Math.log(1 - random.nextDouble()) / rate;
    return Duration.ofMillis((long) (hours * 3_600_000)).plusSeconds(60);
  }

  /** The next action of a player; session null: a new one begins. */
  private record Turn(int player, Instant time, @Nullable Session session) {}

  private record Sent(long number, GameEvent event) {}

  /** Where a session stands; {@code online}: when its events can be sent at the earliest. */
  private record Session(int step, int actions, Instant online) {
    boolean last() {
      return step == actions - 1;
    }

    Session next() {
      return new Session(step + 1, actions, online);
    }
  }
}
