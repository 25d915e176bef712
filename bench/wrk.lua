-- What bench/lib.mjs reads of a run of wrk: one line of JSON. Answers of 400 and more are bad, and so is what broke.
function done(summary, latency)
	local e = summary.errors
	io.write(string.format('figures {"requests":%d,"us":%d,"p50":%d,"p95":%d,"p99":%d,"bad":%d}\n', summary.requests, summary.duration,
		latency:percentile(50), latency:percentile(95), latency:percentile(99), e.status + e.connect + e.read + e.write + e.timeout))
end
