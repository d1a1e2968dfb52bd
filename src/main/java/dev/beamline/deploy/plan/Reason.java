package dev.beamline.deploy.plan;

/** One difference, what it takes and why. */
public record Reason(Aspect aspect, Mark mark, String text) {}
