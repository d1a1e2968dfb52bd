/** Tables of databases that speak JDBC. */
@NullMarked
package dev.beamline.io.jdbc;

import org.jspecify.annotations.NullMarked;
