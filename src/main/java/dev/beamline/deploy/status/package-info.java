/** What runs, how far it is, and whether it keeps its promises. */
@NullMarked
package dev.beamline.deploy.status;

import org.jspecify.annotations.NullMarked;
