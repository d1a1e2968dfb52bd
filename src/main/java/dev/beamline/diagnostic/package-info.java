/** What is wrong with a user's project: codes, places, and how they are collected and printed. */
@NullMarked
package dev.beamline.diagnostic;

import org.jspecify.annotations.NullMarked;
