-- update: replaces the selector; allowed in every state. ARGV 3 selector.
if not state then return answer('missing') end
return commit('selector', ARGV[3])
