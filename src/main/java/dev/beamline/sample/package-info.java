/** The sample game: realistic events, made from a seed. */
@NullMarked
package dev.beamline.sample;

import org.jspecify.annotations.NullMarked;
