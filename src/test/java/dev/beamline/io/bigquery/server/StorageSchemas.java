package dev.beamline.io.bigquery.server;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import java.util.List;

/** Tables' schemas as Storage Write tells them. */
final class StorageSchemas {

  private StorageSchemas() {}

  static TableSchema of(List<Field> fields) {
    TableSchema.Builder schema = TableSchema.newBuilder();
    fields.forEach(field -> schema.addFields(of(field)));
    return schema.build();
  }

  private static TableFieldSchema of(Field field) {
    TableFieldSchema.Builder schema =
        TableFieldSchema.newBuilder()
            .setName(field.name())
            .setMode(TableFieldSchema.Mode.valueOf(field.mode()))
            .setType(
                switch (field.type()) {
                  case "FLOAT64" -> TableFieldSchema.Type.DOUBLE;
                  default -> TableFieldSchema.Type.valueOf(field.type());
                });
    field.fields().forEach(inner -> schema.addFields(of(inner)));
    return schema.build();
  }
}
