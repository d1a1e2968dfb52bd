/** Deployments on Google Cloud Dataflow: jobs, what is staged, and the objects kept beside them. */
@NullMarked
package dev.beamline.deploy.dataflow;

import org.jspecify.annotations.NullMarked;
