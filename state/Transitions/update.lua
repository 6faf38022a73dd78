-- update: replaces the selector; allowed in every state. ARGV 3 selector.
if not state then return answer('missing') end
if get('selector') == ARGV[3] then return answer('ok') end
return commit('selector', ARGV[3])
