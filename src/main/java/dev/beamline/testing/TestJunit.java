package dev.beamline.testing;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results of tests as JUnit XML: a file is a suite. */
public final class TestJunit {

  private TestJunit() {}

  /** Writes the whole document. */
  public static void write(List<CaseResult> results, Writer out) throws IOException {
    Map<String, List<CaseResult>> suites = new LinkedHashMap<>();
    results.forEach(
        result -> suites.computeIfAbsent(result.file().path(), f -> new ArrayList<>()).add(result));
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      counts(results, xml);
      for (Map.Entry<String, List<CaseResult>> suite : suites.entrySet()) {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", suite.getKey());
        counts(suite.getValue(), xml);
        xml.writeAttribute("skipped", "0");
        for (CaseResult result : suite.getValue()) {
          test(result, xml);
        }
        xml.writeCharacters("\n  ");
        xml.writeEndElement();
      }
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private static void counts(List<CaseResult> results, XMLStreamWriter xml)
      throws XMLStreamException {
    long failed = results.stream().filter(result -> !result.passed()).count();
    long nanos = results.stream().mapToLong(result -> result.elapsed().toNanos()).sum();
    xml.writeAttribute("tests", Integer.toString(results.size()));
    xml.writeAttribute("failures", Long.toString(failed));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("time", seconds(nanos));
  }

  private static void test(CaseResult result, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", result.file().query().value());
    xml.writeAttribute("name", text(result.test().name().value()));
    xml.writeAttribute("file", result.file().path());
    xml.writeAttribute("line", Integer.toString(result.test().name().place().line()));
    xml.writeAttribute("time", seconds(result.elapsed().toNanos()));
    if (!result.passed()) {
      String text = text(FailureText.of(result));
      xml.writeCharacters("\n      ");
      xml.writeStartElement("failure");
      xml.writeAttribute("message", text.lines().findFirst().orElse("failed"));
      xml.writeCharacters(text);
      xml.writeEndElement();
      xml.writeCharacters("\n    ");
    }
    xml.writeEndElement();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
  }

  /** XML 1.0 cannot hold most control characters at all. */
  private static String text(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                out.appendCodePoint(
                    (c < ' ' && c != '\n' && c != '\t')
                            || (c >= 0xD800 && c <= 0xDFFF)
                            || c == 0xFFFE
                            || c == 0xFFFF
                        ? 0xFFFD
                        : c));
    return out.toString();
  }
}
