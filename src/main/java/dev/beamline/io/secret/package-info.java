/** Secrets that are kept by a service. */
@NullMarked
package dev.beamline.io.secret;

import org.jspecify.annotations.NullMarked;
