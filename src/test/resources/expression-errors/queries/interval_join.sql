SELECT e.id, o.id oid
FROM ev e
JOIN ot o ON e.id = o.id AND o.ts BETWEEN e.ts AND e.ts + INTERVAL 5 MINUTE AND 10 / o.r > e.q
