/** The difference between what is deployed and what should be, and what it takes to get there. */
@NullMarked
package dev.beamline.deploy.plan;

import org.jspecify.annotations.NullMarked;
