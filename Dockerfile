# Beamline in a container, for CI jobs and schedulers. From the repository's root:
#
#   mvn -Pdist -DskipTests package
#   docker build -t beamline .
#   docker run --rm -v "$PWD:/project" beamline run
FROM eclipse-temurin:17-jre

RUN useradd --create-home --uid 10001 beamline \
  && mkdir /project \
  && chown beamline /project
COPY --chmod=0644 target/beamline-*-all.jar /opt/beamline/beamline.jar

USER beamline
WORKDIR /project
ENTRYPOINT ["java", "-XX:+UseParallelGC", "-XX:+UseCondCardMark", "-XX:MaxRAMPercentage=75", "-jar", "/opt/beamline/beamline.jar"]
CMD ["--help"]
