/** Dashboards and alerts of Cloud Monitoring, from the promises of freshness. */
@NullMarked
package dev.beamline.deploy.monitoring;

import org.jspecify.annotations.NullMarked;
