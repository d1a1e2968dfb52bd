package dev.beamline.deploy.dataflow;

import com.google.api.services.dataflow.Dataflow;
import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.JobMessage;
import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.ListJobMessagesResponse;
import com.google.api.services.dataflow.model.ListJobsResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;

/** The jobs of one project and region. */
final class DataflowJobs {

  private static final Set<String> ENDED =
      Set.of(
          "JOB_STATE_DONE",
          "JOB_STATE_FAILED",
          "JOB_STATE_CANCELLED",
          "JOB_STATE_UPDATED",
          "JOB_STATE_DRAINED");
  private static final Set<String> ENDING =
      Set.of("JOB_STATE_DRAINING", "JOB_STATE_CANCELLING", "JOB_STATE_STOPPED");

  private final Dataflow.Projects.Locations.Jobs jobs;
  private final Dataflow.Projects.Locations.Jobs.Messages messages;
  private final String project;
  private final String region;

  DataflowJobs(DataflowPipelineOptions options) {
    Dataflow client = CloudClients.dataflow(options);
    this.jobs = client.projects().locations().jobs();
    this.messages = jobs.messages();
    this.project = options.getProject();
    this.region = options.getRegion();
  }

  /** Jobs that have not ended and carry the label. */
  List<Job> active(String label, String value) throws IOException {
    List<Job> found = new ArrayList<>();
    String page = null;
    do {
      ListJobsResponse answer =
          jobs.list(project, region).setFilter("ACTIVE").setPageToken(page).execute();
      if (answer.getJobs() != null) {
        for (Job job : answer.getJobs()) {
          Map<String, String> labels = job.getLabels();
          if (labels != null && value.equals(labels.get(label))) {
            found.add(job);
          }
        }
      }
      page = answer.getNextPageToken();
    } while (page != null);
    return found;
  }

  /** A job with all that is known of it, its steps as well. */
  Job whole(String id) throws IOException {
    return jobs.get(project, region, id).setView("JOB_VIEW_ALL").execute();
  }

  String state(String id) throws IOException {
    return jobs.get(project, region, id).execute().getCurrentState();
  }

  JobMetrics metrics(String id) throws IOException {
    return jobs.getMetrics(project, region, id).execute();
  }

  void drain(String id) throws IOException {
    jobs.update(project, region, id, new Job().setRequestedState("JOB_STATE_DRAINED")).execute();
  }

  /** What the service says went wrong; the newest last. */
  List<String> errors(String id) throws IOException {
    ListJobMessagesResponse answer =
        messages.list(project, region, id).setMinimumImportance("JOB_MESSAGE_ERROR").execute();
    List<JobMessage> list = answer.getJobMessages();
    return list == null ? List.of() : list.stream().map(JobMessage::getMessageText).toList();
  }

  static boolean hasEnded(String state) {
    return ENDED.contains(state);
  }

  /** Whether it takes no more input, and will end. */
  static boolean isEnding(String state) {
    return ENDING.contains(state);
  }
}
