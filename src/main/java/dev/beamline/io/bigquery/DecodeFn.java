package dev.beamline.io.bigquery;

import dev.beamline.catalog.Schema;
import dev.beamline.io.format.AvroRecords;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.record.DecodedRecord;
import dev.beamline.transform.ErrorRecord;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.gcp.bigquery.SchemaAndRecord;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.jspecify.annotations.Nullable;

/** Decodes what Storage Read sends. */
final class DecodeFn implements SerializableFunction<SchemaAndRecord, DecodedRecord> {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final String origin;
  private final Schema read;
  private transient AvroRecords.@Nullable Reader reader;

  DecodeFn(String source, String origin, Schema read) {
    this.source = source;
    this.origin = origin;
    this.read = read;
  }

  @Override
  public DecodedRecord apply(SchemaAndRecord row) {
    GenericRecord record = row.getRecord();
    AvroRecords.Reader decoder = reader;
    if (decoder == null || !decoder.reads(record.getSchema())) {
      decoder = new AvroRecords.Reader(record.getSchema(), read);
      reader = decoder;
    }
    try {
      return new DecodedRecord(decoder.read(record), null);
    } catch (DecodeException e) {
      return new DecodedRecord(
          null,
          new ErrorRecord(
              source, e.code().name(), e.reason(), record.toString(), false, origin, null));
    }
  }
}
