/** A small BigQuery of the tests' own, over the wire: REST, Storage Write and Storage Read. */
package dev.beamline.io.bigquery.server;
