/** Values of a bundle go to shards as blocks of bytes: an element a block, not one a value. */
@NullMarked
package dev.beamline.transform.shard;

import org.jspecify.annotations.NullMarked;
