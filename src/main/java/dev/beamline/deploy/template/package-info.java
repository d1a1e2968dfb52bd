/** Flex Templates of Dataflow. */
@NullMarked
package dev.beamline.deploy.template;

import org.jspecify.annotations.NullMarked;
