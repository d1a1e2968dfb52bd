package dev.beamline.project;

import java.io.Serializable;

/**
 * A file of SQL.
 *
 * @param name without the ending
 * @param path relative to the project, with forward slashes
 * @param text all of it
 */
public record QueryFile(String name, String path, String text) implements Serializable {}
