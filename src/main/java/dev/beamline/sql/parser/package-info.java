/** From GoogleSQL's text to its syntax tree and back: lexer, parsers and unparser. */
@NullMarked
package dev.beamline.sql.parser;

import org.jspecify.annotations.NullMarked;
