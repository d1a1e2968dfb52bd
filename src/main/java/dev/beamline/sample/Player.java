package dev.beamline.sample;

import java.time.LocalDate;

/**
 * A player of the game.
 *
 * @param cheater whether a bot plays: it sells far more than a human can
 */
public record Player(
    String userId, String team, String country, LocalDate signedUp, String os, boolean cheater) {}
