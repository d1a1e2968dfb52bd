package dev.beamline.deploy;

import java.time.Duration;

/**
 * How long a service may take.
 *
 * @param poll between two looks at a job
 * @param most until a deployment gives up waiting
 */
public record Waiting(Duration poll, Duration most) {}
