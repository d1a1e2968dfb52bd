/** What a pipeline is, as data: written beside its deployment, and compared with the next one. */
@NullMarked
package dev.beamline.deploy.manifest;

import org.jspecify.annotations.NullMarked;
