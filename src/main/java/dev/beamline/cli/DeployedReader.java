package dev.beamline.cli;

import dev.beamline.deploy.DeployException;
import dev.beamline.deploy.dataflow.DataflowState;
import dev.beamline.deploy.flink.FlinkState;
import dev.beamline.deploy.flink.FlinkTarget;
import dev.beamline.deploy.local.LocalState;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.pipeline.run.ClusterException;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;

/** Finds what is deployed on a target. */
interface DeployedReader {

  /** With what a plan compares, in words. */
  String describe();

  List<Deployed> read() throws IOException, InterruptedException;

  static DeployedReader of(Project project, Target target) {
    Target.Flink cluster = FlinkTarget.of(target);
    if (cluster != null) {
      return new DeployedReader() {
        @Override
        public String describe() {
          return "the jobs of the Flink cluster " + cluster.master();
        }

        @Override
        public List<Deployed> read() throws IOException, InterruptedException {
          try {
            return new FlinkState(project, cluster).read();
          } catch (ClusterException e) {
            throw unreadable(target, String.valueOf(e.getMessage()), e);
          }
        }
      };
    }
    LocalState local = LocalState.of(project, target);
    if (local != null) {
      return new DeployedReader() {
        @Override
        public String describe() {
          String warehouse = target.common().warehouse();
          return warehouse == null
              ? "the last runs on this machine and the tables that they wrote"
              : "the tables of " + warehouse;
        }

        @Override
        public List<Deployed> read() throws IOException {
          return local.read();
        }
      };
    }
    if (target instanceof Target.Dataflow dataflow) {
      return new DeployedReader() {
        @Override
        public String describe() {
          return "the jobs of " + dataflow.project() + " in " + dataflow.region();
        }

        @Override
        public List<Deployed> read() throws IOException {
          try {
            return new DataflowState(project, dataflow).read();
          } catch (IOException | RuntimeException e) {
            String where = e instanceof UnknownHostException ? "no way to " : "";
            throw unreadable(target, where + e.getMessage(), e);
          }
        }
      };
    }
    throw new IllegalStateException("a target of " + target.runner());
  }

  private static DeployException unreadable(Target target, String why, Exception e) {
    return DeployException.failed(
        "what is deployed on target "
            + target.name()
            + " cannot be read: "
            + why
            + " (without a network, compare with a saved manifest: plan --manifest FILE)",
        e);
  }
}
