package dev.beamline.deploy.dataflow;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.services.storage.Storage;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import dev.beamline.deploy.DeployStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.extensions.gcp.util.gcsfs.GcsPath;

/** Small objects of Cloud Storage. */
public final class CloudObjects implements DeployStore {

  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION = 412;

  private final Storage storage;

  /** As whom the options say. */
  public CloudObjects(GcsOptions options) {
    this.storage = CloudClients.storage(options);
  }

  @Override
  public Optional<Content> read(String path) throws IOException {
    GcsPath object = GcsPath.fromUri(path);
    try {
      StorageObject found = storage.objects().get(object.getBucket(), object.getObject()).execute();
      Storage.Objects.Get get = storage.objects().get(object.getBucket(), object.getObject());
      get.setGeneration(found.getGeneration());
      try (InputStream in = get.executeMediaAsInputStream()) {
        return Optional.of(new Content(in.readAllBytes(), found.getGeneration()));
      }
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void write(String path, byte[] bytes) throws IOException {
    insert(path, bytes).execute();
  }

  @Override
  public Optional<Long> writeIf(String path, byte[] bytes, long generation) throws IOException {
    try {
      return Optional.of(
          insert(path, bytes).setIfGenerationMatch(generation).execute().getGeneration());
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() == PRECONDITION) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Storage.Objects.Insert insert(String path, byte[] bytes) throws IOException {
    GcsPath object = GcsPath.fromUri(path);
    Storage.Objects.Insert insert =
        storage
            .objects()
            .insert(
                object.getBucket(),
                new StorageObject().setName(object.getObject()),
                new ByteArrayContent("application/json", bytes));
    insert.getMediaHttpUploader().setDirectUploadEnabled(true);
    return insert;
  }

  @Override
  public void deleteIf(String path, long generation) throws IOException {
    GcsPath object = GcsPath.fromUri(path);
    try {
      storage
          .objects()
          .delete(object.getBucket(), object.getObject())
          .setIfGenerationMatch(generation)
          .execute();
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() != NOT_FOUND && e.getStatusCode() != PRECONDITION) {
        throw e;
      }
    }
  }

  @Override
  public List<String> list(String folder) throws IOException {
    GcsPath prefix = GcsPath.fromUri(folder);
    List<String> paths = new ArrayList<>();
    String page = null;
    do {
      Objects found =
          storage
              .objects()
              .list(prefix.getBucket())
              .setPrefix(prefix.getObject())
              .setPageToken(page)
              .execute();
      if (found.getItems() != null) {
        found.getItems().forEach(o -> paths.add("gs://" + prefix.getBucket() + "/" + o.getName()));
      }
      page = found.getNextPageToken();
    } while (page != null);
    return paths;
  }
}
