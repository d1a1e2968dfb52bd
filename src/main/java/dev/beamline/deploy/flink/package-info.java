/** Deployments to a Flink cluster, over its REST port. */
@NullMarked
package dev.beamline.deploy.flink;

import org.jspecify.annotations.NullMarked;
