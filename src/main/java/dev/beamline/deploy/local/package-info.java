/** What is known of runs on this machine: manifests and the last run, beside the warehouse. */
@NullMarked
package dev.beamline.deploy.local;

import org.jspecify.annotations.NullMarked;
