package dev.beamline.execution.function;

import com.google.common.net.InternetDomainName;
import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host of a URL, and its parts after the public suffix list. Private domains in that list
 * (github.io) are no public suffixes here, as in BigQuery.
 */
final class NetHosts {

  private NetHosts() {}

  /** As written, without user, port and path; null where there is none. */
  static @Nullable String host(String url) {
    String text = AsciiSpace.trim(url);
    int begin = 0;
    int end = text.length();
    boolean schemeMayFollow = true;
    if (slash(text, 0) && slash(text, 1)) {
      begin = 2;
      schemeMayFollow = false;
    }
    for (int i = begin; i < end; i++) {
      char c = text.charAt(i);
      if (c == '/' || c == '\\' || c == '?' || c == '#') {
        end = i;
      } else if (c == ':' && schemeMayFollow) {
        schemeMayFollow = false;
        if (slash(text, i + 1) && slash(text, i + 2)) {
          i += 2;
          begin = i + 1;
        }
      } else if (c == '@') {
        begin = i + 1;
      }
    }
    String host = withoutPort(text.substring(begin, end));
    return nullIfEmpty(withoutDots(host));
  }

  private static boolean slash(String text, int index) {
    return index < text.length() && (text.charAt(index) == '/' || text.charAt(index) == '\\');
  }

  /** The colons of an IPv6 address in brackets begin no port. */
  private static String withoutPort(String host) {
    int from = 0;
    if (host.startsWith("[")) {
      from = 1;
      while (from < host.length() && host.charAt(from) != ']' && host.charAt(from) != '[') {
        from++;
      }
    }
    int colon = host.indexOf(':', from);
    return colon < 0 ? host : host.substring(0, colon);
  }

  /** No dots at the beginning and at most one at the end. */
  private static String withoutDots(String host) {
    int begin = 0;
    int end = host.length();
    while (begin < end && host.charAt(begin) == '.') {
      begin++;
    }
    while (end - begin >= 2 && host.charAt(end - 1) == '.' && host.charAt(end - 2) == '.') {
      end--;
    }
    return host.substring(begin, end);
  }

  private static @Nullable String nullIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Such as com and co.uk; null where the list has none. */
  static @Nullable String publicSuffix(String url) {
    String host = host(url);
    int labels = host == null ? 0 : suffixLabels(host);
    return host == null || labels == 0 ? null : lastLabels(host, labels);
  }

  /** The public suffix with one more label before it; null where there is none. */
  static @Nullable String registeredDomain(String url) {
    String host = host(url);
    int labels = host == null ? 0 : suffixLabels(host);
    return host == null || labels == 0 || labels == count(host)
        ? null
        : lastLabels(host, labels + 1);
  }

  /** How many labels of the host are its public suffix; 0 for none. */
  private static int suffixLabels(String host) {
    String name = withoutFinalDot(normalize(host));
    int labels = count(name);
    if (name.isEmpty() || name.startsWith(".") || name.contains("..")) {
      return 0;
    }
    for (String rest = name; ; rest = rest.substring(rest.indexOf('.') + 1), labels--) {
      if (InternetDomainName.isValid(rest) && InternetDomainName.from(rest).isRegistrySuffix()) {
        return labels;
      } else if (rest.indexOf('.') < 0) {
        return 0;
      }
    }
  }

  private static String normalize(String host) {
    try {
      return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String withoutFinalDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /** IDNA takes other full stops of Unicode for dots, too. */
  private static boolean dot(char c) {
    return c == '.' || c == '\u3002' || c == '\uFF0E' || c == '\uFF61';
  }

  private static int count(String host) {
    String name = withoutFinalDot(host);
    return 1 + (int) name.chars().filter(c -> dot((char) c)).count();
  }

  private static String lastLabels(String host, int labels) {
    int left = labels;
    int end = host.length() - (dot(host.charAt(host.length() - 1)) ? 1 : 0);
    for (int i = end - 1; i >= 0; i--) {
      if (dot(host.charAt(i)) && --left == 0) {
        return host.substring(i + 1);
      }
    }
    return host;
  }
}
