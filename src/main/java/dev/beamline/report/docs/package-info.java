/** The project as a static site: metrics, sources, pipelines, lineage and plans. */
@NullMarked
package dev.beamline.report.docs;

import org.jspecify.annotations.NullMarked;
