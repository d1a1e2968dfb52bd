/** GoogleSQL's syntax tree: what was written, each node with its place. */
@NullMarked
package dev.beamline.sql.ast;

import org.jspecify.annotations.NullMarked;
