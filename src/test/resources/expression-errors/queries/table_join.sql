SELECT e.id, e.ts, d.v
FROM ev e
JOIN dim d ON e.k = d.k AND 10 / d.v > e.id
