/** A language server: what editors ask while people write queries and pipelines.yaml. */
@NullMarked
package dev.beamline.report.lsp;

import org.jspecify.annotations.NullMarked;
