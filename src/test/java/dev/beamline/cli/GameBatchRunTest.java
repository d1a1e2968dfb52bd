package dev.beamline.cli;

/** The game as one batch. */
class GameBatchRunTest extends GameRun {

  GameBatchRunTest() {
    super("all");
  }
}
