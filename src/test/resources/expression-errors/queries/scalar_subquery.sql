SELECT id, ts, (SELECT v FROM dim) x
FROM ev
