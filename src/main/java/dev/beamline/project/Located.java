package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.io.Serializable;

/** A value and where it stands in the user's file. */
public record Located<T>(T value, Place place) implements Serializable {}
